<#import "template.ftl" as layout>
<@layout.emailLayout>
<@layout.hello/>
<@layout.paragraph>${msg("activationAddressTakenIntro")}</@layout.paragraph>
<@layout.fact label=msg("agencyLabel") value=agencyName/>
<@layout.paragraph>${msg("activationAddressTakenYou")}</@layout.paragraph>
<#if loginUrl?has_content><@layout.button href=loginUrl label=msg("activationAddressTakenButton")/></#if>
<@layout.paragraph>${msg("activationAddressTakenNotYou")}</@layout.paragraph>
</@layout.emailLayout>
