<#import "template.ftl" as layout>
<@layout.emailLayout>
<@layout.hello/>
<@layout.paragraph>${msg("activationByMailTakenIntro")}</@layout.paragraph>
<@layout.fact label=msg("agencyLabel") value=agencyName/>
<@layout.paragraph>${msg("activationByMailTakenYou")}</@layout.paragraph>
<#if loginUrl?has_content><@layout.button href=loginUrl label=msg("activationByMailTakenButton")/></#if>
<@layout.paragraph>${msg("activationAddressTakenNotYou")}</@layout.paragraph>
</@layout.emailLayout>
