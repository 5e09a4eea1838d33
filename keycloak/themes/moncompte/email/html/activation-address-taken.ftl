<#import "template.ftl" as layout>
<@layout.emailLayout>
<@layout.hello/>
<@layout.paragraph>${msg("activationAddressTakenIntro")}</@layout.paragraph>
<@layout.fact label=msg("agencyLabel") value=agencyName/>
<@layout.fact label=msg("identifierLabel") value=identifier/>
<@layout.paragraph>${msg("activationAddressTakenYou")}</@layout.paragraph>
<@layout.button href=link label=msg("activationAddressTakenButton")/>
<@layout.paragraph>${msg("activationLifetime", linkHours)}</@layout.paragraph>
<@layout.paragraph>${msg("activationAddressTakenNotYou")}</@layout.paragraph>
</@layout.emailLayout>
