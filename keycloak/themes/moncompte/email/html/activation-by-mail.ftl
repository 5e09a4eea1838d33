<#import "template.ftl" as layout>
<@layout.emailLayout>
<@layout.hello name=ownerName!""/>
<@layout.paragraph>${msg("activationByMailIntro")}</@layout.paragraph>
<@layout.fact label=msg("agencyLabel") value=agencyName/>
<@layout.button href=link label=msg("activationByMailButton")/>
<@layout.paragraph>${msg("activationByMailLifetime", linkHours)}</@layout.paragraph>
<@layout.paragraph>${msg("activationByMailNotYou")}</@layout.paragraph>
</@layout.emailLayout>
